package dev.parley.testing;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The virtual machine's locale, which a test may set: after it, it is again what it was. */
public final class DefaultLocale implements AfterEachCallback {
    private final Locale before = Locale.getDefault();

    /** Places with digits, calendars, separators and letters of their own. */
    public static List<String> tags() {
        return List.of("en-US", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "de-CH", "tr-TR");
    }

    public void set(String tag) {
        Locale.setDefault(Locale.forLanguageTag(tag));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Locale.setDefault(before);
    }
}
