package orders;

import dev.parley.api.Transactions;
import dev.parley.protocol.Body;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Settles a desk's orders: a row in a table of its own and a message, both or neither. */
@ApplicationScoped
public class Settlements {
    @Inject
    Transactions transactions;

    /**
     * @param orders none makes it fail, after all was written
     * @throws IllegalArgumentException then; nothing of it is left
     */
    public void settle(String desk, int orders) throws SQLException {
        transactions.run(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO settlement (desk, orders) VALUES (?, ?)")) {
                insert.setString(1, desk);
                insert.setInt(2, orders);
                insert.executeUpdate();
            }
            transactions.publish("settlements." + desk, Body.json("{\"orders\":" + orders + "}"));
            if (orders == 0) {
                throw new IllegalArgumentException("There is nothing to settle.");
            }
        });
    }

    /** How many there are of a desk. */
    public int count(String desk) throws SQLException {
        return transactions.call(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT COUNT(*) FROM settlement WHERE desk = ?")) {
                select.setString(1, desk);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getInt(1);
                }
            }
        });
    }

    /** Makes the table where there is none. */
    public void prepare() throws SQLException {
        transactions.run(connection -> {
            try (Statement create = connection.createStatement()) {
                create.execute(
                        "CREATE TABLE IF NOT EXISTS settlement (desk VARCHAR(200) NOT NULL, orders INTEGER NOT NULL)");
            }
        });
    }
}
