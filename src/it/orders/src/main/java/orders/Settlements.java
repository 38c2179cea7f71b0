package orders;

import dev.parley.protocol.Body;
import dev.parley.server.TransactionalPublishing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;

/** Settles a desk's orders: a row in a table of its own and a message, both or neither. */
@ApplicationScoped
public class Settlements {
    @Inject
    TransactionalPublishing publishing;

    /**
     * @param orders none makes it fail, after all was written
     * @throws IllegalArgumentException then; nothing of it is left
     */
    @Transactional
    public void settle(String desk, int orders) throws SQLException {
        try (Connection connection = source().getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO settlement (desk, orders) VALUES (?, ?)")) {
            insert.setString(1, desk);
            insert.setInt(2, orders);
            insert.executeUpdate();
        }
        publishing.publish("settlements." + desk, new Body.Json("{\"orders\":" + orders + "}"));
        if (orders == 0) {
            throw new IllegalArgumentException("There is nothing to settle.");
        }
    }

    /** How many there are of a desk. */
    public int count(String desk) throws SQLException {
        try (Connection connection = source().getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT COUNT(*) FROM settlement WHERE desk = ?")) {
            select.setString(1, desk);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** Makes the table where there is none. */
    public void prepare() throws SQLException {
        try (Connection connection = source().getConnection();
                Statement create = connection.createStatement()) {
            create.execute("CREATE TABLE IF NOT EXISTS settlement (desk VARCHAR(200) NOT NULL, orders INTEGER NOT NULL)");
        }
    }

    /** Parley's own, so that one transaction is enough. */
    private static DataSource source() {
        String name = ConfigProvider.getConfig().getValue("parley.datasource", String.class);
        try {
            return (DataSource) new InitialContext().lookup(name);
        } catch (NamingException e) {
            throw new IllegalStateException("There is no data source " + name, e);
        }
    }
}
