// Preloaded into programs that a launcher started with an IPC channel: when the launcher is gone (even by SIGKILL), they end too.
// A program that listens for the end of the channel itself is left to do so.
if (process.channel !== undefined && process.channel !== null) {
  process.once("disconnect", () => {
    if (process.listenerCount("disconnect") === 0) process.kill(process.pid, "SIGTERM");
  });
  process.channel.unref();
}
