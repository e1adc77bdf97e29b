import AuthenticationServices
import WebKit

/// A web view with the page, and the links that it is opened with. Everything about OAuth is the page's.
@MainActor
final class Shell: NSObject {
    let view: WKWebView
    private let files = BundledFiles()
    private var session: ASWebAuthenticationSession?
    private var isListening = false
    /// The link that the page was not given yet.
    private var link: URL?

    override init() {
        let configuration = WKWebViewConfiguration()
        configuration.setURLSchemeHandler(files, forURLScheme: BundledFiles.scheme)
        view = WKWebView(frame: .zero, configuration: configuration)
        super.init()
        configuration.userContentController.add(self, name: "shell")
        view.navigationDelegate = self
        view.load(URLRequest(url: URL(string: "\(BundledFiles.scheme)://localhost/index.html")!))
    }

    func give(_ url: URL) {
        link = url
        giveLink()
    }

    private func giveLink() {
        guard isListening, let url = link else { return }
        link = nil
        // An argument, and never part of the script: the link comes from anywhere.
        view.callAsyncJavaScript("opened(url)", arguments: ["url": url.absoluteString], in: nil, in: .page)
    }

    /// The system's browser in a sheet, with the cookies of Safari; it closes with the first URL of our scheme.
    private func open(_ url: URL) {
        let session = ASWebAuthenticationSession(url: url, callback: .customScheme("com.example.app")) { [weak self] url, _ in
            // Without a URL the user has closed the sheet, and can sign in again.
            guard let url else { return }
            Task { @MainActor in self?.give(url) }
        }
        session.presentationContextProvider = self
        self.session = session
        session.start()
    }
}

extension Shell: WKScriptMessageHandler {
    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        guard message.frameInfo.isMainFrame, let text = message.body as? String else { return }
        if text == "ready" {
            isListening = true
            giveLink()
        } else if let url = URL(string: text), url.scheme == "https" {
            open(url)
        }
    }
}

extension Shell: WKNavigationDelegate {
    /// The view shows the program's own pages alone.
    func webView(_ view: WKWebView, decidePolicyFor action: WKNavigationAction) async -> WKNavigationActionPolicy {
        action.request.url?.scheme == BundledFiles.scheme ? .allow : .cancel
    }

    /// The system has taken the page's process away: the page starts again, and will say when it listens.
    func webViewWebContentProcessDidTerminate(_ view: WKWebView) {
        isListening = false
        view.reload()
    }
}

extension Shell: ASWebAuthenticationPresentationContextProviding {
    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
        view.window ?? ASPresentationAnchor()
    }
}
