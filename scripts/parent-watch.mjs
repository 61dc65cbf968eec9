// Preloaded into programs that a launcher started with an IPC channel: when the launcher is gone (even by SIGKILL), they end too.
if (process.channel !== undefined && process.channel !== null) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
