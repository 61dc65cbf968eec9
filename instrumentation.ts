/** Next calls it once, before the first request. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { resumeJobs } = await import("#lib/quarantine/run-jobs.ts");
  resumeJobs();
  const { behindTrustedProxy } = await import("#lib/env.ts");
  if (behindTrustedProxy()) return;
  const { ignoreForwardedHeaders } = await import("#lib/auth/forwarded-headers.ts");
  ignoreForwardedHeaders();
}
