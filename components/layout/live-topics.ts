import { isCurrent } from "./navigation.ts";

const topicsByPage: readonly { href: string; topics: readonly string[] }[] = [
  { href: "/", topics: ["overview", "queue", "quarantine", "messages", "workers", "audit"] },
  { href: "/messages", topics: ["messages", "queue", "quarantine"] },
  { href: "/connections", topics: ["messages", "workers"] },
  { href: "/queue", topics: ["queue", "workers"] },
  { href: "/quarantine", topics: ["quarantine", "workers"] },
  { href: "/bans", topics: ["workers"] },
  { href: "/policies", topics: ["draft"] },
  { href: "/lists", topics: ["draft"] },
  { href: "/changes", topics: ["draft", "workers", "replay"] },
  { href: "/revisions", topics: ["draft", "workers", "replay"] },
  { href: "/interfaces", topics: ["draft", "workers"] },
  { href: "/routes", topics: ["draft", "workers"] },
  { href: "/credentials", topics: ["draft", "workers"] },
  { href: "/certificates", topics: ["draft", "workers"] },
  { href: "/audit", topics: ["audit"] },
  { href: "/api-tokens", topics: ["audit"] },
  { href: "/people", topics: ["audit"] },
  { href: "/workers", topics: ["workers", "queue"] },
];

/** Whether a change concerns what the page at `path` shows; the draft is in the frame of every page, and what a person may is on every page. */
export function concernsPage(path: string, changed: readonly string[]): boolean {
  if (changed.includes("draft") || changed.includes("people")) return true;
  const page = topicsByPage.find(({ href }) => isCurrent(href, path));
  return changed.some((topic) => page?.topics.includes(topic));
}
