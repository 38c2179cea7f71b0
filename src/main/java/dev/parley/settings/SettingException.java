package dev.parley.settings;

/** A setting that cannot be what it is; the message is one sentence for whoever starts the server. */
public final class SettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }

    /** @param expected what a value of it may be, with a comma at its end if there is one in it */
    public SettingException(String key, String value, String expected) {
        super(key + " is '" + value + "', but " + expected + " is expected.");
    }
}
