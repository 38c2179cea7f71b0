package dev.parley.arquillian;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The WAR that was built, to be deployed as it is. */
public final class Wars {
    /** Above what a server's environment says. */
    private static final String ORDINAL = "config_ordinal=500\n";

    private Wars() {}

    /** The one that {@code mvn package} made. */
    public static WebArchive built() {
        return ShrinkWrap.createFromZipFile(
                WebArchive.class,
                new File(
                        System.getProperty("parley.build.directory"),
                        System.getProperty("parley.build.name") + ".war"));
    }

    /** What a file in it says. */
    public static String text(WebArchive war, String path) {
        try (InputStream in = war.get(path).getAsset().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same under another name, for tests that deploy several. */
    public static WebArchive named(String name, Map<String, String> settings) {
        return ShrinkWrap.create(WebArchive.class, name + ".war").merge(with(settings));
    }

    /** The same with settings of its own, in the file that MicroProfile Config reads of an application. */
    public static WebArchive with(Map<String, String> settings) {
        String lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
        return built().addAsResource(new StringAsset(ORDINAL + lines), "META-INF/microprofile-config.properties");
    }
}
