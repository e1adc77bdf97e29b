//! A program of Yew's that signs in. The session is a context.

use common::{BUTTONS, Session, Shown, registered};
use wasm_bindgen::prelude::*;
use yew::platform::spawn_local;
use yew::prelude::*;

#[wasm_bindgen(start)]
pub fn main() {
    spawn_local(async {
        if let Ok(registered) = registered().await {
            let session = Session::new(&registered);
            yew::Renderer::<Program>::with_props(Properties { session }).render();
        }
    });
}

#[derive(Clone, PartialEq, yew::Properties)]
struct Properties {
    session: Session,
}

#[component]
fn Program(properties: &Properties) -> Html {
    html! {
        <ContextProvider<Session> context={properties.session.clone()}>
            <Page />
        </ContextProvider<Session>>
    }
}

#[component]
fn Page() -> Html {
    let Some(session) = use_context::<Session>() else {
        return html! {};
    };
    let shown = use_state(|| Shown::text("Loading"));
    let news = use_reducer(News::default);
    {
        let (session, shown, news) = (session.clone(), shown.setter(), news.dispatcher());
        use_effect_with((), move |()| {
            let following = session.follow(move |told| news.dispatch(told.to_owned()));
            spawn_local(async move { shown.set(session.start().await) });
            // It follows until the component goes.
            move || drop(following)
        });
    }
    let button = |(id, words): (&'static str, &'static str)| {
        let (session, shown) = (session.clone(), shown.setter());
        let onclick = move |_: MouseEvent| {
            let (session, shown) = (session.clone(), shown.clone());
            shown.set(Shown::text("Loading"));
            spawn_local(async move { shown.set(session.act(id).await) });
        };
        html! { <button {id} {onclick}>{ words }</button> }
    };
    html! {
        <>
            <output id="shown" data-code={shown.code.clone()}>{ &shown.text }</output>
            <output id="state">{ session.state() }</output>
            <output id="news">{ news.0.join(", ") }</output>
            { for BUTTONS.into_iter().map(button) }
        </>
    }
}

/// What was told, in its order.
#[derive(Default, PartialEq)]
struct News(Vec<String>);

impl Reducible for News {
    type Action = String;

    fn reduce(self: std::rc::Rc<Self>, told: String) -> std::rc::Rc<Self> {
        Self([self.0.as_slice(), &[told]].concat()).into()
    }
}
