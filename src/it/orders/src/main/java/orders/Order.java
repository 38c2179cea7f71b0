package orders;

/**
 * What somebody wants to buy or sell.
 *
 * @param quantity more than none
 */
public record Order(String item, int quantity) {}
