//! A window with the page, and the links that it is opened with. Everything about OAuth is the page's.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use tauri::Manager;
use tauri_plugin_deep_link::DeepLinkExt;

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        // The first plugin: Windows and Linux start a second process for a link, and this one hands
        // the link over to the first process and ends.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("main") {
                // A window manager may refuse; the login goes on behind.
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_opener::init())
        .setup(|app| {
            // An installer registers the scheme; a program that was never installed does it itself.
            if cfg!(all(debug_assertions, any(windows, target_os = "linux"))) {
                app.deep_link().register_all()?;
            }
            Ok(())
        })
        .run(tauri::generate_context!())
}
