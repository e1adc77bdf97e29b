import UniformTypeIdentifiers
import WebKit

/// The folder `dist` of the program's bundle, as an origin of its own: a page from `file:` has none.
final class BundledFiles: NSObject, WKURLSchemeHandler {
    static let scheme = "app"

    private let folder = Bundle.main.url(forResource: "dist", withExtension: nil)!

    func webView(_ view: WKWebView, start task: WKURLSchemeTask) {
        guard let url = task.request.url, let data = try? Data(contentsOf: folder.appending(path: url.lastPathComponent)) else {
            task.didFailWithError(URLError(.fileDoesNotExist))
            return
        }
        let type = UTType(filenameExtension: url.pathExtension)?.preferredMIMEType
        task.didReceive(URLResponse(url: url, mimeType: type, expectedContentLength: data.count, textEncodingName: "utf-8"))
        task.didReceive(data)
        task.didFinish()
    }

    func webView(_ view: WKWebView, stop task: WKURLSchemeTask) {}
}
