// PlainGame NOTES none|NAME: a game that handles that one signal (HUP, without SIG), or none.
import java.io.FileWriter;
import java.io.IOException;

public class PlainGame {
    static void note(String file, String line) {
        try (FileWriter notes = new FileWriter(file, true)) {
            notes.write(line + "\n");
        } catch (IOException error) {
            throw new RuntimeException(error);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (!arguments[1].equals("none"))
            sun.misc.Signal.handle(new sun.misc.Signal(arguments[1]), signal -> note(arguments[0], "signal"));
        note(arguments[0], "ready");
        Thread.currentThread().join();
    }
}
