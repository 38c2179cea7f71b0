package dev.parley.frames;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An extension that a client offers in {@code Sec-WebSocket-Extensions}, read by its grammar (RFC 6455 section 9.1):
 *
 * <pre>
 * permessage-deflate; server_max_window_bits=15; client_max_window_bits, permessage-deflate; x="y"
 * </pre>
 */
record ExtensionOffer(String name, List<Parameter> parameters) {

    /** @param value of a quoted one too without its quotes; empty where there is none */
    record Parameter(String name, Optional<String> value) {}

    /**
     * In the order of the client's preference.
     *
     * @param headers every header {@code Sec-WebSocket-Extensions}
     * @return empty when they are not well formed, which is more than an offer that is not known
     */
    static Optional<List<ExtensionOffer>> parse(List<String> headers) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String header : headers) {
            Reader reader = new Reader(header);
            if (!reader.readInto(offers)) {
                return Optional.empty();
            }
        }
        return Optional.of(offers);
    }

    boolean has(String parameter) {
        return parameters.stream().anyMatch(one -> one.name().equals(parameter));
    }

    boolean namesAreUnique() {
        return parameters.stream().map(Parameter::name).distinct().count() == parameters.size();
    }

    /** Of one header; a character is looked at once. */
    private static final class Reader {
        private static final String MARKS = "!#$%&'*+-.^_`|~";

        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        /** Elements of a list may be empty (RFC 9110 section 5.6.1). */
        private boolean readInto(List<ExtensionOffer> offers) {
            do {
                skipBlanks();
                if (!isAtEnd() && text.charAt(at) != ',') {
                    Optional<ExtensionOffer> offer = offer();
                    if (offer.isEmpty()) {
                        return false;
                    }
                    offers.add(offer.get());
                }
            } while (skip(','));
            return isAtEnd();
        }

        private Optional<ExtensionOffer> offer() {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (skip(';')) {
                skipBlanks();
                String parameter = token();
                Optional<String> value = skip('=') ? Optional.of(value()) : Optional.empty();
                if (parameter.isEmpty() || value.equals(Optional.of(""))) {
                    return Optional.empty();
                }
                parameters.add(new Parameter(parameter, value));
            }
            return name.isEmpty() ? Optional.empty() : Optional.of(new ExtensionOffer(name, parameters));
        }

        /** A quoted one too is a token within; empty when it is none. */
        private String value() {
            skipBlanks();
            if (!skip('"')) {
                return token();
            }
            StringBuilder value = new StringBuilder();
            while (!isAtEnd() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
                at++;
            }
            boolean isToken = value.chars().allMatch(Reader::isToken);
            return skip('"') && isToken ? value.toString() : "";
        }

        private String token() {
            int begin = at;
            while (!isAtEnd() && isToken(text.charAt(at))) {
                at++;
            }
            return text.substring(begin, at);
        }

        private boolean skip(char wanted) {
            skipBlanks();
            boolean found = !isAtEnd() && text.charAt(at) == wanted;
            if (found) {
                at++;
            }
            return found;
        }

        private void skipBlanks() {
            while (!isAtEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private boolean isAtEnd() {
            return at == text.length();
        }

        private static boolean isToken(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
        }
    }
}
