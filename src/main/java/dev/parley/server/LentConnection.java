package dev.parley.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection as work in a transaction has it: to close it does nothing, and to end the transaction is refused, as by the
 * connections of an application server. A savepoint is the work's own.
 */
final class LentConnection {
    private static final Set<String> ENDS = Set.of("commit", "setAutoCommit", "abort");

    private LentConnection() {}

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                LentConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, new Lending(connection));
    }

    private record Lending(Connection connection) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("close")) {
                return null;
            }
            boolean rollsBack = name.equals("rollback") && method.getParameterCount() == 0;
            if (rollsBack || ENDS.contains(name)) {
                throw new SQLException("The transaction ends when the work does: what it throws rolls it back.");
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }
}
