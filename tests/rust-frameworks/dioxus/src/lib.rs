//! A program of Dioxus's that signs in. The session is a context.

use std::rc::Rc;

use common::{BUTTONS, Session, Shown, registered};
use dioxus::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
pub fn main() {
    dioxus::launch(Program);
}

#[component]
fn Program() -> Element {
    // Nothing is shown before the registration is known.
    let opened = use_resource(async || registered().await.map(|it| Session::new(&it)));
    match &*opened.read() {
        Some(Ok(session)) => rsx! { Opened { session: session.clone() } },
        _ => rsx! {},
    }
}

#[component]
fn Opened(session: Session) -> Element {
    use_context_provider(|| session);
    rsx! { Page {} }
}

#[component]
fn Page() -> Element {
    let session = use_context::<Session>();
    let mut shown = use_signal(|| Shown::text("Loading"));
    let news = use_signal(Vec::<String>::new);
    let state = use_signal(|| session.state());
    // It follows until the component goes.
    let own = session.clone();
    use_hook(|| {
        let followed = own.clone();
        Rc::new(own.follow(move |told| {
            let (mut news, mut state) = (news, state);
            news.write().push(told.to_owned());
            state.set(followed.state());
        }))
    });
    let own = session.clone();
    use_future(move || {
        let session = own.clone();
        async move { shown.set(session.start().await) }
    });
    rsx! {
        output { id: "shown", "data-code": shown().code, {shown().text} }
        output { id: "state", {state()} }
        output { id: "news", {news().join(", ")} }
        for (id, words) in BUTTONS {
            button {
                id,
                onclick: {
                    let session = session.clone();
                    move |_| {
                        let session = session.clone();
                        shown.set(Shown::text("Loading"));
                        async move { shown.set(session.act(id).await) }
                    }
                },
                {words}
            }
        }
    }
}
