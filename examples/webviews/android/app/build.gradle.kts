plugins {
    // From version 9 on it compiles Kotlin without a plugin of its own.
    id("com.android.application") version "9.2.1"
}

android {
    namespace = "com.example.app"
    compileSdk = 36

    defaultConfig {
        applicationId = "com.example.app"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "1"
    }
}

dependencies {
    implementation("androidx.browser:browser:1.9.0")
    implementation("androidx.webkit:webkit:1.17.1")
}
