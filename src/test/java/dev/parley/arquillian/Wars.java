package dev.parley.arquillian;

import java.io.File;
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

    /** The same with settings of its own, in the file that MicroProfile Config reads of an application. */
    public static WebArchive with(Map<String, String> settings) {
        String lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
        return built().addAsResource(new StringAsset(ORDINAL + lines), "META-INF/microprofile-config.properties");
    }
}
