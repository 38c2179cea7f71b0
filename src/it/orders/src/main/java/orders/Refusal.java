package orders;

/** Why an order is not taken. */
public record Refusal(String reason) {}
