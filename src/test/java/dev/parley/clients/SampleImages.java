package dev.parley.clients;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Real images, other ones for each seed: noise, so that they do not become small. */
public final class SampleImages {
    private SampleImages() {}

    public static byte[] png(int side, long seed) throws IOException {
        return image("png", side, seed);
    }

    public static byte[] jpeg(int side, long seed) throws IOException {
        return image("jpeg", side, seed);
    }

    private static byte[] image(String format, int side, long seed) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int x = 0; x < side; x++) {
            for (int y = 0; y < side; y++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }
}
