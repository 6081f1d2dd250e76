// Game FILE: loads FILE at its start, and again at SIGHUP.
import java.nio.file.Files;
import java.nio.file.Path;
import sun.misc.Signal;

public class Game {
  private static volatile boolean asked = true;

  public static void main(String[] arguments) throws Exception {
    Signal.handle(new Signal("HUP"), each -> asked = true); // runs in a thread of its own
    while (true) { // the game's loop, once a tick
      if (asked) {
        asked = false;
        System.out.println("loaded " + Files.readString(Path.of(arguments[0])));
      }
      Thread.sleep(50);
    }
  }
}
