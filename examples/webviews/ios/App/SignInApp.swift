import SwiftUI
import WebKit

@main
struct SignInApp: App {
    @State private var shell = Shell()

    var body: some Scene {
        WindowGroup {
            Page(view: shell.view)
                // The program was opened with a link, now or to start it.
                .onOpenURL { shell.give($0) }
        }
    }
}

private struct Page: UIViewRepresentable {
    let view: WKWebView

    func makeUIView(context: Context) -> WKWebView { view }

    func updateUIView(_ view: WKWebView, context: Context) {}
}
