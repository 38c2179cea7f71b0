package dev.parley.http;

import java.util.List;
import java.util.Set;

/**
 * What a browser says of what it wants a response for (Fetch Metadata, {@code Sec-Fetch-Dest}). No page can set it, and
 * what is no browser, or an old one, says nothing.
 */
final class FetchMetadata {
    static final String DESTINATION = "Sec-Fetch-Dest";

    /**
     * As which uploaded bytes may be wanted: by {@code fetch}, as a picture, sound or film, and by a person who follows a
     * link to them. Not as a script, a worker or worklet, a style sheet, a frame, an object, a manifest, JSON that is
     * imported, or whatever else browsers come to load.
     */
    private static final Set<String> OF_BYTES = Set.of("empty", "image", "audio", "video", "document");

    private FetchMetadata() {}

    /** @param destinations every header {@value #DESTINATION} */
    static boolean wantsBytes(List<String> destinations) {
        return OF_BYTES.containsAll(destinations);
    }
}
