/** Next calls it once, before the first request. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { setting } = await import("#lib/env.ts");
  if (setting("POSTERN_TRUSTED_PROXY") === "on") return;
  const { ignoreForwardedHeaders } = await import("#lib/auth/forwarded-headers.ts");
  ignoreForwardedHeaders();
}
