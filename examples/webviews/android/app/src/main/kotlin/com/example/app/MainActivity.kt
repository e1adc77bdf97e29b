package com.example.app

import android.annotation.SuppressLint
import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.webkit.WebResourceRequest
import android.webkit.WebView
import android.webkit.WebViewClient
import androidx.browser.customtabs.CustomTabsIntent
import androidx.webkit.JavaScriptReplyProxy
import androidx.webkit.WebViewAssetLoader
import androidx.webkit.WebViewCompat

/** A web view with the page, and the links that it is opened with. Everything about OAuth is the page's. */
class MainActivity : Activity() {
    /** The page's ear, once it listens. */
    private var page: JavaScriptReplyProxy? = null

    /** The link that the page was not given yet. */
    private var link: Uri? = null

    @SuppressLint("SetJavaScriptEnabled")
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val files = WebViewAssetLoader.Builder()
            .addPathHandler("/assets/", WebViewAssetLoader.AssetsPathHandler(this))
            .build()
        val view = WebView(this)
        view.settings.javaScriptEnabled = true
        // Without it the page has no localStorage, and a login no record.
        view.settings.domStorageEnabled = true
        view.webViewClient = object : WebViewClient() {
            override fun shouldInterceptRequest(view: WebView, request: WebResourceRequest) =
                files.shouldInterceptRequest(request.url)

            // The view shows the program's own pages alone.
            override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest) =
                request.url.host != WebViewAssetLoader.DEFAULT_DOMAIN
        }
        WebViewCompat.addWebMessageListener(view, "shell", setOf(ORIGIN)) { _, message, _, isMainFrame, reply ->
            if (isMainFrame) hear(message.data.orEmpty(), reply)
        }
        setContentView(view)
        take(intent)
        view.loadUrl("$ORIGIN/assets/index.html")
    }

    /** The program runs, and is opened with a link. */
    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    private fun take(intent: Intent) {
        if (intent.action != Intent.ACTION_VIEW) return
        link = intent.data
        give()
    }

    private fun give() {
        val page = page ?: return
        link?.let { page.postMessage(it.toString()) }
        link = null
    }

    private fun hear(text: String, reply: JavaScriptReplyProxy) {
        if (text == "ready") {
            page = reply
            give()
        } else if (text.startsWith("https://")) {
            CustomTabsIntent.Builder().build().launchUrl(this, Uri.parse(text))
        }
    }

    private companion object {
        const val ORIGIN = "https://${WebViewAssetLoader.DEFAULT_DOMAIN}"
    }
}
