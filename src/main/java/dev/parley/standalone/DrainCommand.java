package dev.parley.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Drains a server that runs elsewhere, standalone or on an application server, and waits until that is done. */
@Command(
        name = "drain",
        description = {
            "Sends the clients of a running server away, before it is stopped: it is not ready any more, takes no further"
                    + " WebSocket, and tells its clients to come back over a time (parley.drain.*). Ends when they have"
                    + " gone.",
            "The operator's token stands in a file, or in the environment variable PARLEY_TOKEN."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DrainCommand implements Callable<Integer> {
    private static final String LOCAL = "http://127.0.0.1:9080/";
    private static final String TOKEN = "PARLEY_TOKEN";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern PROGRESS = Pattern.compile("\"stage\":\"(\\w+)\",\"connections\":(\\d+)");
    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "URL",
            defaultValue = LOCAL,
            description =
                    "Where the server is: standalone its port for operators, which is answered also when the server is"
                            + " full; on an application server with the context root; " + LOCAL + " by default.")
    private String url = LOCAL;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the token of an operator.")
    private @Nullable Path tokenFile;

    @Mixin
    private ProxyOption proxy = new ProxyOption();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            HttpClient http = proxy.apply(HttpClient.newBuilder().connectTimeout(PATIENCE))
                    .build();
            URI drain = URI.create(url.endsWith("/") ? url : url + "/").resolve("api/drain");
            HttpResponse<String> answer = ask(http, "POST", drain);
            if (answer.statusCode() != ACCEPTED) {
                err.println("parley: The server answers " + answer.statusCode() + ": " + answer.body());
                return FAILED;
            }
            while (!tell(answer, out)) {
                TimeUnit.SECONDS.sleep(1);
                answer = ask(http, "GET", drain);
                if (answer.statusCode() != OK) {
                    err.println("parley: The server answers " + answer.statusCode() + ": " + answer.body());
                    return FAILED;
                }
            }
            return 0;
        } catch (IOException e) {
            err.println("parley: " + url + " cannot be asked: "
                    + Optional.ofNullable(e.getMessage()).orElse("" + e));
            return FAILED;
        } catch (IllegalArgumentException e) {
            err.println("parley: " + url + " is no address: " + e.getMessage());
            return FAILED;
        }
    }

    /** Whether it is done. */
    private static boolean tell(HttpResponse<String> answer, PrintWriter out) {
        Matcher progress = PROGRESS.matcher(answer.body());
        if (!progress.find()) {
            throw new IllegalArgumentException("what is there is no Parley");
        }
        out.println(progress.group(1) + ", " + progress.group(2) + " connections");
        out.flush();
        return progress.group(1).equals("drained");
    }

    private HttpResponse<String> ask(HttpClient http, String method, URI uri) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, HttpRequest.BodyPublishers.noBody());
        Optional<String> token = token();
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return http.send(proxy.apply(request, uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Optional<String> token() throws IOException {
        return tokenFile == null
                ? Optional.ofNullable(System.getenv(TOKEN)).map(String::strip)
                : Optional.of(Files.readString(tokenFile).strip());
    }
}
