//! A program of Leptos's that signs in. The session is a context, which has to be `Send` and `Sync`.

use common::{BUTTONS, Session, Shown, registered};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

type Context = StoredValue<Session, LocalStorage>;

#[wasm_bindgen(start)]
pub fn main() {
    mount_to_body(Program);
}

/// Nothing is shown before the registration is known.
#[component]
fn Program() -> impl IntoView {
    let (opened, set_opened) = signal_local(None);
    spawn_local(async move {
        if let Ok(registered) = registered().await {
            set_opened.set(Some(Session::new(&registered)));
        }
    });
    move || {
        opened.get().map(|session| {
            provide_context::<Context>(StoredValue::new_local(session.clone()));
            view! { <Page /> }
        })
    }
}

#[component]
fn Page() -> impl IntoView {
    let session = expect_context::<Context>();
    let (shown, set_shown) = signal(Shown::text("Loading"));
    let (news, set_news) = signal(Vec::<String>::new());
    let (state, set_state) = signal(session.with_value(Session::state));
    // It follows until the component goes.
    let following = session.with_value(|session| {
        let own = session.clone();
        session.follow(move |told| {
            set_news.update(|news| news.push(told.to_owned()));
            set_state.set(own.state());
        })
    });
    StoredValue::new_local(following);
    spawn_local(async move {
        let session = session.get_value();
        set_shown.set(session.start().await);
    });
    let button = move |(id, words): (&'static str, &'static str)| {
        let click = move |_| {
            set_shown.set(Shown::text("Loading"));
            spawn_local(async move {
                let session = session.get_value();
                set_shown.set(session.act(id).await);
            });
        };
        view! { <button id=id on:click=click>{words}</button> }
    };
    view! {
        <output id="shown" data-code=move || shown.get().code>{move || shown.get().text}</output>
        <output id="state">{state}</output>
        <output id="news">{move || news.get().join(", ")}</output>
        {BUTTONS.into_iter().map(button).collect_view()}
    }
}
