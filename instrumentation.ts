/** Next calls it once, before the first request. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { resumeJobs } = await import("#lib/jobs/job-runner.ts");
  const { quarantineJobs } = await import("#lib/quarantine/run-jobs.ts");
  const { queueJobs } = await import("#lib/queue/run-jobs.ts");
  resumeJobs(quarantineJobs);
  resumeJobs(queueJobs);
  const { replayJobs } = await import("#lib/replay/run-jobs.ts");
  resumeJobs(replayJobs);
  const { watchTrials } = await import("#lib/revisions/watch-trial.ts");
  watchTrials();
  const { watchFeeds } = await import("#lib/list-feeds/watch-feeds.ts");
  watchFeeds();
  const { watchMessageFacts } = await import("#lib/replay/watch-message-facts.ts");
  watchMessageFacts();
  const { watchHistory } = await import("#lib/events/watch-history.ts");
  watchHistory();
  const { behindTrustedProxy } = await import("#lib/env.ts");
  if (behindTrustedProxy()) return;
  const { ignoreForwardedHeaders } = await import("#lib/auth/forwarded-headers.ts");
  ignoreForwardedHeaders();
}
