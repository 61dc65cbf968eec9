import {
  Activity,
  Archive,
  Ban,
  Cable,
  FileBadge,
  FileClock,
  FlaskConical,
  GitCompare,
  Inbox,
  KeyRound,
  KeySquare,
  List,
  ListChecks,
  ListTodo,
  type LucideIcon,
  Mail,
  Network,
  ScanSearch,
  ScrollText,
  Server,
  Signature,
  SlidersHorizontal,
  Users,
  Waypoints,
} from "lucide-react";

export type NavigationItem = { href: string; label: string; icon: LucideIcon };
export type NavigationGroup = { label: string; items: readonly NavigationItem[] };

/** Every place of the console, two levels, in the order they are shown. */
export const navigation: readonly NavigationGroup[] = [
  {
    label: "Monitor",
    items: [
      { href: "/", label: "Overview", icon: Activity },
      { href: "/messages", label: "Messages", icon: Mail },
      { href: "/connections", label: "Connections", icon: Cable },
    ],
  },
  {
    label: "Act",
    items: [
      { href: "/queue", label: "Queue", icon: Inbox },
      { href: "/quarantine", label: "Quarantine", icon: Archive },
      { href: "/bans", label: "Blocked sources", icon: Ban },
    ],
  },
  {
    label: "Policy",
    items: [
      { href: "/policies", label: "Rules", icon: ListChecks },
      { href: "/lists", label: "Lists", icon: List },
      { href: "/proxy-actions", label: "Proxy actions", icon: SlidersHorizontal },
      { href: "/inspection", label: "Inspection", icon: ScanSearch },
      { href: "/simulator", label: "Simulator", icon: FlaskConical },
      { href: "/policy-tests", label: "Policy tests", icon: ListTodo },
      { href: "/changes", label: "Review & publish", icon: GitCompare },
      { href: "/revisions", label: "Revisions", icon: FileClock },
    ],
  },
  { label: "Report", items: [{ href: "/audit", label: "Audit log", icon: ScrollText }] },
  {
    label: "System",
    items: [
      { href: "/interfaces", label: "Interfaces", icon: Network },
      { href: "/routes", label: "Routes", icon: Waypoints },
      { href: "/workers", label: "Workers", icon: Server },
      { href: "/credentials", label: "Credentials", icon: KeyRound },
      { href: "/signing-keys", label: "Signing keys", icon: Signature },
      { href: "/certificates", label: "Certificates", icon: FileBadge },
      { href: "/people", label: "People", icon: Users },
      { href: "/api-tokens", label: "API tokens", icon: KeySquare },
    ],
  },
];

/** What narrow screens have at hand; the other pages are one step further. */
export const phonePages: readonly string[] = ["/", "/queue", "/quarantine", "/policies"];

/** Whether the path is the item's page or lies below it. */
export function isCurrent(href: string, path: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
