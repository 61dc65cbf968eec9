import type { PolicyDocument } from "#core/contract/policy-document.ts";
import { checkTextTest } from "./check-envelope.ts";
import type { Path, Report } from "./problem-report.ts";

/** Checks what a document says about POP3 logins outside its conditions: routes by user, and servers that a client may choose. */
export function checkMailboxes(document: PolicyDocument, report: Report): void {
  const lists = new Map(document.lists.map((list) => [list.name, list.kind]));
  const routes = new Map(document.routes.map((route) => [route.name, route.protocol]));
  const checkRoute = (name: string, path: Path): void => {
    const found = routes.get(name);
    if (found === undefined) report(path, "unknown-name", `there is no route "${name}"`);
    else if (found !== "pop3") report(path, "wrong-kind", `the route "${name}" is for ${found}`);
  };
  document.policies.forEach(({ to, protocol }, i) => {
    const at: Path = ["policies", i, "to"];
    const { userRoutes, serverChoice } = to;
    if (protocol !== "pop3" && userRoutes.length > 0)
      report([...at, "userRoutes"], "illegal", "routes by user are for POP3 only");
    if (protocol !== "pop3" && serverChoice !== undefined)
      report([...at, "serverChoice"], "illegal", "a choice of servers is for POP3 only");
    userRoutes.forEach(({ user, domain, route }, n) => {
      if (user !== undefined) checkTextTest(user, [...at, "userRoutes", n, "user"], lists, report);
      if (domain !== undefined) checkTextTest(domain, [...at, "userRoutes", n, "domain"], lists, report);
      checkRoute(route, [...at, "userRoutes", n, "route"]);
    });
    const seen = new Set<string>();
    serverChoice?.servers.forEach(({ server, route }, n) => {
      const path = [...at, "serverChoice", "servers", n];
      checkRoute(route, [...path, "route"]);
      const name = server.toLowerCase();
      if (seen.has(name)) report([...path, "server"], "duplicate-name", `the server "${server}" is named twice`);
      seen.add(name);
    });
  });
}
