package dev.parley.grizzly;

import dev.parley.security.Refusal;
import java.util.Optional;
import java.util.Set;

/**
 * Reads along what stands around the data of a body in chunks (RFC 9112 section 7.1), and says at the first octet that is
 * not as it must be that it is not. Grizzly takes a line end without CR, blanks and other octets behind a size, and
 * skips whatever stands between a chunk and the next line; where a proxy in front of us reads that in another way, what
 * is one body to it hides a further request to us.
 *
 * <p>Extensions are passed over and trailers dropped, as sections 7.1.1 and 7.1.2 allow. One a body; an octet is looked at
 * once, however it comes.
 */
final class ChunkGrammar {
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 431;
    private static final int RADIX = 16;

    /** Digits of a size, so that it is a long. */
    private static final int MOST_DIGITS = 15;

    /** Octets of the extensions of one chunk. */
    static final int MOST_EXTENSIONS = 256;

    private final int mostTrailers;
    private final FieldGrammar trailers = new FieldGrammar(Set.of());
    private Part part = Part.SIZE;
    private int read;
    private long size;
    private long left;

    /** What the next octet belongs to. */
    private enum Part {
        SIZE,
        /** Blanks that may stand before a semicolon. */
        BLANK,
        /** Behind a semicolon. */
        EXTENSION,
        EXTENSIONS,
        SIZE_END,
        DATA,
        DATA_END,
        DATA_LINE_END,
        TRAILERS
    }

    /** @param mostTrailers octets of all trailers */
    ChunkGrammar(int mostTrailers) {
        this.mostTrailers = mostTrailers;
    }

    /** How many octets of data come next; 0 when what comes next is for {@link #read}. */
    long data() {
        return left;
    }

    /** So many octets of data have come. */
    void took(int count) {
        left -= count;
        if (left == 0) {
            begin(Part.DATA_END);
        }
    }

    /** Whether all of the body has come. */
    boolean isDone() {
        return trailers.isDone();
    }

    /** Takes an octet that is no data. */
    Optional<Refusal> read(int octet) {
        read++;
        if (part == Part.TRAILERS && read > mostTrailers) {
            return Optional.of(
                    new Refusal(TOO_LARGE, "The trailers of the request are longer than " + mostTrailers + " bytes."));
        }
        return wrong(octet).map(sentence -> new Refusal(BAD_REQUEST, sentence));
    }

    private Optional<String> wrong(int octet) {
        return switch (part) {
            case SIZE -> inSize(octet);
            case BLANK -> inBlank(octet);
            case EXTENSION -> atExtension(octet);
            case EXTENSIONS -> inExtensions(octet);
            case SIZE_END -> {
                left = size;
                begin(size == 0 ? Part.TRAILERS : Part.DATA);
                yield FieldGrammar.lineFeed(octet);
            }
            case DATA -> throw new IllegalStateException("Data has its own way");
            case DATA_END -> {
                begin(Part.DATA_LINE_END);
                yield octet == '\r'
                        ? Optional.empty()
                        : Optional.of("A chunk of the body is longer than the size before it.");
            }
            case DATA_LINE_END -> {
                begin(Part.SIZE);
                size = 0;
                yield FieldGrammar.lineFeed(octet);
            }
            case TRAILERS -> trailers.wrong(octet);
        };
    }

    private Optional<String> inSize(int octet) {
        int digit = octet < 0x80 ? Character.digit(octet, RADIX) : -1;
        if (digit >= 0 && read <= MOST_DIGITS) {
            size = size * RADIX + digit;
            return Optional.empty();
        }
        return read > 1 ? behindSize(octet) : notASize();
    }

    private Optional<String> behindSize(int octet) {
        switch (octet) {
            case '\r' -> begin(Part.SIZE_END);
            case ';' -> begin(Part.EXTENSION);
            case ' ', '\t' -> begin(Part.BLANK);
            default -> {
                return notASize();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> notASize() {
        return Optional.of("The size of a chunk is not a hexadecimal number.");
    }

    private Optional<String> inBlank(int octet) {
        if (octet == ';') {
            begin(Part.EXTENSION);
            return Optional.empty();
        }
        return isBlank(octet) && read <= MOST_EXTENSIONS ? Optional.empty() : notASize();
    }

    private Optional<String> atExtension(int octet) {
        if (isBlank(octet) && read <= MOST_EXTENSIONS) {
            return Optional.empty();
        }
        part = Part.EXTENSIONS;
        return FieldGrammar.isToken(octet) ? Optional.empty() : Optional.of("An extension of a chunk has no name.");
    }

    private Optional<String> inExtensions(int octet) {
        if (octet == '\r') {
            begin(Part.SIZE_END);
            return Optional.empty();
        }
        if (read > MOST_EXTENSIONS) {
            return Optional.of("The extensions of a chunk are longer than " + MOST_EXTENSIONS + " bytes.");
        }
        return FieldGrammar.isText(octet)
                ? Optional.empty()
                : Optional.of("An extension of a chunk has a control character.");
    }

    private static boolean isBlank(int octet) {
        return octet == ' ' || octet == '\t';
    }

    private void begin(Part following) {
        part = following;
        read = 0;
    }
}
