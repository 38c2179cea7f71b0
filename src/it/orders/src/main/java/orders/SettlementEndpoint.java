package orders;

import jakarta.inject.Inject;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import java.sql.SQLException;

/** Is sent how many orders of a desk are to be settled, and answers how many settlements the desk has then. */
@ServerEndpoint("/settlements/{desk}")
public class SettlementEndpoint {
    @Inject
    Settlements settlements;

    @OnMessage
    public String settle(String orders, @PathParam("desk") String desk) throws SQLException {
        settlements.prepare();
        try {
            settlements.settle(desk, Integer.parseInt(orders));
            return "settled, " + settlements.count(desk);
        } catch (RuntimeException e) {
            return "failed, " + settlements.count(desk);
        }
    }
}
