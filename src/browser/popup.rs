//! A login in a window of its own, for the user.

use alloc::string::String;

use web_sys::Window;

use super::failure::Failure;
use super::outcome::{First, first};
use super::page;
use super::timer::sleep;
use super::window_response::WindowResponse;

/// How often a popup is asked whether it is closed.
const WATCH_INTERVAL_MS: i32 = 500;
/// For so many of them one may seem closed while the user is here: a server that isolates its pages
/// (Cross-Origin-Opener-Policy) makes every popup seem so.
const CLOSED_GRACE_INTERVALS: u32 = 20;

const SIZE: &str = "popup,width=500,height=650";

/// A window, which closes when this is dropped.
pub(super) struct Popup(Window);

impl Popup {
    /// Opens it in the click itself, which is when browsers allow it.
    pub(super) fn open() -> Result<Self, Failure> {
        let window = page::window().ok_or(Failure::NoPage)?;
        let popup = window.open_with_url_and_target_and_features("about:blank", "_blank", SIZE)?;
        popup.map(Self).ok_or(Failure::PopupBlocked)
    }

    /// Sends it to the server, and gives the response that came there.
    pub(super) async fn response(&self, url: &str) -> Result<String, Failure> {
        let response = WindowResponse::to(url, &self.0);
        self.0.location().replace(url)?;
        match first(response.url(), self.closed()).await {
            First::One(url) => Ok(url),
            First::Other(()) => Err(Failure::PopupClosed),
        }
    }

    /// Ends when the user has closed it.
    async fn closed(&self) {
        let mut intervals: u32 = 0;
        while intervals <= CLOSED_GRACE_INTERVALS {
            sleep(WATCH_INTERVAL_MS).await;
            let document = page::window().and_then(|window| window.document());
            let is_here = document.is_some_and(|it| it.has_focus().unwrap_or(false));
            let is_closed = is_here && self.0.closed().unwrap_or(false);
            intervals = if is_closed {
                intervals.saturating_add(1)
            } else {
                0
            };
        }
    }
}

impl Drop for Popup {
    fn drop(&mut self) {
        let _ = self.0.close();
    }
}
