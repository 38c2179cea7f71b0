package dev.parley.grizzly;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.util.Header;

/**
 * The pages: files of one folder, and none outside it, whatever the spelling, also by no link that leads out. Every
 * answer may be kept but is asked for anew, so a changed page is seen at once and an unchanged one costs a 304.
 */
final class WebFiles {
    /** What only an application server reads. */
    private static final Set<String> HIDDEN = Set.of("web-inf", "meta-inf");

    /** RFC 9110 section 5.6.7: a day has two digits, where {@link DateTimeFormatter#RFC_1123_DATE_TIME} writes one. */
    static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Path folder;

    private final FileSender.Patience patience;

    WebFiles(Path folder, FileSender.Patience patience) {
        this.patience = patience;
        this.folder = folder.toAbsolutePath().normalize();
    }

    void service(String path, Request request, Response response) throws IOException {
        if (!reads(request)) {
            response.setHeader(Header.Allow, "GET, HEAD");
            text(response, 405, "A page is only read.");
            return;
        }
        Optional<Path> file = find(path.endsWith("/") ? path + "index.html" : path);
        if (file.isPresent()) {
            send(file.get(), request, response);
        } else if (!path.endsWith("/") && find(path + "/index.html").isPresent()) {
            response.setHeader(Header.Location, request.getRequestURI() + "/");
            text(response, 301, "The page is at the address with a slash at its end.");
        } else {
            text(response, 404, "There is no such page.");
        }
    }

    /** Whether there is a file that is sent for this path. */
    boolean has(String path) {
        return find(path.endsWith("/") ? path + "index.html" : path).isPresent()
                || (!path.endsWith("/") && find(path + "/index.html").isPresent());
    }

    /** Whether it is what a file answers to. */
    static boolean reads(Request request) {
        return Method.GET.equals(request.getMethod()) || Method.HEAD.equals(request.getMethod());
    }

    /** Answers with one sentence. */
    static void text(Response response, int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.setHeader(Header.CacheControl, "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The path has no {@code ..} and no escapes any more. Where it leads is looked at once all links are followed. */
    private Optional<Path> find(String path) {
        try {
            Path root = folder.toRealPath();
            Path file = root.resolve(path.substring(1)).toRealPath();
            if (!file.startsWith(root) || !Files.isRegularFile(file) || !Files.isReadable(file)) {
                return Optional.empty();
            }
            String first = root.relativize(file).getName(0).toString().toLowerCase(Locale.ROOT);
            return HIDDEN.contains(first) ? Optional.empty() : Optional.of(file);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void send(Path file, Request request, Response response) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        Instant modified = attributes.lastModifiedTime().toInstant();
        String tag =
                "\"" + Long.toHexString(modified.toEpochMilli()) + "-" + Long.toHexString(attributes.size()) + "\"";
        response.setHeader(Header.ETag, tag);
        response.setHeader(Header.LastModified, HTTP_DATE.format(modified));
        response.setHeader(Header.CacheControl, "no-cache");
        if (tag.equals(request.getHeader(Header.IfNoneMatch))) {
            response.setStatus(304);
            return;
        }
        response.setStatus(200);
        response.setContentType(MediaTypes.of(file));
        response.setContentLengthLong(attributes.size());
        if (Method.GET.equals(request.getMethod()) && attributes.size() > 0) {
            FileSender.send(file, response, patience);
        }
    }
}
