package dev.parley.standalone;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** Which Parley this is, by the manifest of its jar. */
final class Version implements IVersionProvider {

    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(from the sources)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Parley " + text(), "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name")
        };
    }
}
