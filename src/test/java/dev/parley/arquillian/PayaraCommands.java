package dev.parley.arquillian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What Payara is told in its own commands, Micro as the full server. */
final class PayaraCommands {
    static final String DATA_SOURCE = "jdbc/parley-test";

    /** As Payara's documentation has it for Micro; the full server has them in its domain. */
    static final List<String> MODULES = List.of(
            "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=java.base/sun.net.www.protocol.jrt=ALL-UNNAMED",
            "--add-opens=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED",
            "--add-opens=java.logging/java.util.logging=ALL-UNNAMED",
            "--add-exports=java.base/sun.net.www=ALL-UNNAMED",
            "--add-exports=java.base/sun.security.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED");

    private PayaraCommands() {}

    /** Micro has no other way to be kept to one address. */
    static String ofMicroBeforeBoot() {
        return beforeBoot()
                + "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener"
                + ".address=127.0.0.1\n";
    }

    /** The operator's commands that the listeners need. */
    static String beforeBoot() {
        return operators("before-boot.asadmin");
    }

    /** The operator's commands, and a data source on a file. */
    static String afterBoot(Path h2) {
        return operators("configure.asadmin")
                + users()
                + pool("ParleyTest", DATA_SOURCE, "jdbc:h2:" + h2.resolve("parley") + ";WRITE_DELAY=0");
    }

    /** With their passwords, in the file realm, and with roles that are called as the groups are. */
    private static String users() {
        return Logins.all().stream()
                        .map(login -> "create-file-user --groups=" + login.role() + " --passwordfile="
                                + passwordFile(login) + " " + login.user() + "\n")
                        .collect(Collectors.joining())
                + "set configs.config.server-config.security-service.activate-default-principal-to-role-mapping=true\n";
    }

    private static Path passwordFile(Logins.Login login) {
        try {
            Path file = Folders.built(login.user() + ".password");
            return Files.writeString(file, "AS_ADMIN_USERPASSWORD=" + login.password());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String operators(String file) {
        try {
            return Files.readString(Path.of("server-config", "payara", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pool(String name, String jndi, String url) {
        return "create-jdbc-connection-pool --datasourceclassname=org.h2.jdbcx.JdbcDataSource"
                + " --restype=javax.sql.DataSource --maxpoolsize=10 --steadypoolsize=0 --property=user=sa:password=sa:URL="
                + url.replace(":", "\\:").replace("=", "\\=").replace("user\\=", "user=")
                + " " + name + "\ncreate-jdbc-resource --connectionpoolid=" + name + " " + jndi + "\n";
    }
}
