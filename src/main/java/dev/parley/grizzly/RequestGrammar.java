package dev.parley.grizzly;

import dev.parley.security.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.glassfish.grizzly.Buffer;

/**
 * Reads along the head of a request (RFC 9112 sections 2 to 5), and says at the first byte that is not as it must be that
 * it is not. Grizzly takes nearly anything: a line end without CR, a header without a colon (it goes on to the next), a
 * NUL in a value, a value that goes on in the next line. Each of these means one thing to us and another to a proxy in
 * front of us, which is how requests are smuggled past it.
 *
 * <p>One a request; a byte is looked at once, however it comes.
 */
final class RequestGrammar {
    private static final int DELETE = 0x7f;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 431;
    private static final String VERSION = "HTTP/1.";
    private static final int LONGEST_METHOD = 32;

    static final String CONTENT_LENGTH = "content-length";
    static final String TRANSFER_ENCODING = "transfer-encoding";
    static final String HOST = "host";
    static final String EXPECT = "expect";
    private static final Set<String> REMEMBERED = Set.of(CONTENT_LENGTH, TRANSFER_ENCODING, HOST, EXPECT);

    private final int begin;
    private final int most;
    private final FieldGrammar fields = new FieldGrammar(REMEMBERED);
    private final StringBuilder method = new StringBuilder();
    private final StringBuilder target = new StringBuilder();
    private boolean http11;
    private int next;
    private int read;
    private Part part = Part.METHOD;

    /** What the next byte belongs to. */
    private enum Part {
        METHOD,
        TARGET,
        VERSION,
        LINE_END,
        FIELDS
    }

    /**
     * @param begin where in the buffer the request begins
     * @param most bytes of the head
     */
    RequestGrammar(int begin, int most) {
        this.begin = begin;
        this.most = most;
        this.next = begin;
    }

    /** Reads what has come since the last time; the buffer holds what came before too. */
    Optional<Refusal> read(Buffer buffer) {
        while (next < buffer.limit() && !isDone()) {
            if (next - begin >= most) {
                return Optional.of(
                        new Refusal(TOO_LARGE, "The head of the request is longer than " + most + " bytes."));
            }
            int octet = buffer.get(next) & 0xff;
            next++;
            read++;
            Optional<String> wrong = wrong(octet);
            if (wrong.isPresent()) {
                return Optional.of(new Refusal(BAD_REQUEST, wrong.get()));
            }
        }
        return Optional.empty();
    }

    boolean isDone() {
        return fields.isDone();
    }

    boolean isHttp11() {
        return http11;
    }

    /** As much of it as has come. */
    String method() {
        return method.toString();
    }

    /** As much of it as has come, with its query. */
    String target() {
        return target.toString();
    }

    /** Of one of the headers that say where the request ends, where it goes to, and what it expects, without the blanks around them. */
    List<String> values(String header) {
        return fields.values(header);
    }

    private Optional<String> wrong(int octet) {
        return switch (part) {
            case METHOD -> inMethod(octet);
            case TARGET -> inTarget(octet);
            case VERSION -> inVersion(octet);
            case LINE_END -> {
                begin(Part.FIELDS);
                yield FieldGrammar.lineFeed(octet);
            }
            case FIELDS -> fields.wrong(octet);
        };
    }

    private Optional<String> inMethod(int octet) {
        if (octet == ' ' && read > 1) {
            begin(Part.TARGET);
            return Optional.empty();
        }
        method.append((char) octet);
        return FieldGrammar.isToken(octet) && read <= LONGEST_METHOD
                ? Optional.empty()
                : Optional.of("The request does not begin with a method.");
    }

    private Optional<String> inTarget(int octet) {
        if (octet == ' ' && read > 1) {
            begin(Part.VERSION);
            return Optional.empty();
        }
        target.append((char) octet);
        return octet > ' ' && octet < DELETE
                ? Optional.empty()
                : Optional.of("The request's address is not well formed.");
    }

    private Optional<String> inVersion(int octet) {
        boolean fits;
        if (read <= VERSION.length()) {
            fits = octet == VERSION.charAt(read - 1);
        } else if (read == VERSION.length() + 1) {
            fits = octet == '0' || octet == '1';
            http11 = octet == '1';
        } else {
            fits = octet == '\r';
            begin(Part.LINE_END);
        }
        return fits ? Optional.empty() : Optional.of("This server speaks HTTP/1.1 and HTTP/1.0.");
    }

    private void begin(Part following) {
        part = following;
        read = 0;
    }
}
