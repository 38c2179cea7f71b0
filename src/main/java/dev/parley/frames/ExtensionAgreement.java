package dev.parley.frames;

import jakarta.websocket.Extension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.glassfish.tyrus.core.TyrusExtension;

/**
 * What a server and a client have agreed on of extensions (RFC 6455 section 9.1): what the endpoint's Configurator has
 * chosen, with the parameters that {@link Deflate} can keep.
 *
 * @param compressed whether messages may be compressed
 */
record ExtensionAgreement(List<Extension> extensions, boolean compressed) {
    static final String HEADER = "Sec-WebSocket-Extensions";

    private static final ExtensionAgreement NONE = new ExtensionAgreement(List.of(), false);

    /** What endpoints are told that this server can do, where it compresses. */
    static final Extension DEFLATE = new TyrusExtension(Deflate.NAME);

    /**
     * @param chosen as it stands in the answer, by a Configurator
     * @param offers of the client
     */
    static ExtensionAgreement of(List<String> chosen, List<ExtensionOffer> offers, boolean compression) {
        List<Extension> agreed = new ArrayList<>();
        boolean compressed = false;
        for (ExtensionOffer one : ExtensionOffer.parse(chosen).orElse(List.of())) {
            if (!one.name().equals(Deflate.NAME)) {
                agreed.add(extension(one));
            } else if (compression && !compressed) {
                Optional<Extension> deflate = deflate(offers);
                deflate.ifPresent(agreed::add);
                compressed = deflate.isPresent();
            }
        }
        return agreed.isEmpty() ? NONE : new ExtensionAgreement(List.copyOf(agreed), compressed);
    }

    private static Optional<Extension> deflate(List<ExtensionOffer> offers) {
        return Deflate.answer(offers)
                .flatMap(answer -> ExtensionOffer.parse(List.of(answer)))
                .map(parsed -> extension(parsed.get(0)));
    }

    private static Extension extension(ExtensionOffer read) {
        List<Extension.Parameter> parameters = read.parameters().stream()
                .<Extension.Parameter>map(parameter -> new TyrusExtension.TyrusParameter(
                        parameter.name(), parameter.value().orElse(null)))
                .toList();
        return new TyrusExtension(read.name(), parameters);
    }

    /** As it is answered; empty when nothing is. */
    Optional<String> answer() {
        return extensions.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        extensions.stream().map(ExtensionAgreement::written).collect(Collectors.joining(", ")));
    }

    private static String written(Extension extension) {
        StringBuilder written = new StringBuilder(extension.getName());
        for (Extension.Parameter parameter : extension.getParameters()) {
            written.append("; ").append(parameter.getName());
            if (parameter.getValue() != null) {
                written.append('=').append(parameter.getValue());
            }
        }
        return written.toString();
    }

    /** Offers in a form that Tyrus parses too. */
    static List<String> written(List<ExtensionOffer> offers) {
        return offers.stream().map(offer -> written(extension(offer))).toList();
    }
}
