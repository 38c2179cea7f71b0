package orders;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The resources below {@code /rest}. It lists them: else it would have all of the WAR, Parley's too. */
@ApplicationPath("rest")
public class OrdersApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(DeskResource.class);
    }
}
