import type { Policy, PolicyDocument } from "#core/contract/policy-document.ts";

type Destination = Policy["to"];

/** The policies that send mail or logins over each route, by the route's name. */
export function routeUsers(document: PolicyDocument): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { name, to } of document.policies) {
    for (const route of new Set([to.route, ...otherRoutes(to)])) users.set(route, [...(users.get(route) ?? []), name]);
  }
  return users;
}

/** The routes that bring their reports to senders by each route, by its name. */
export function reportUsers({ routes }: PolicyDocument): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const route of routes) {
    const by = route.protocol === "smtp" ? route.senderNotices?.route : undefined;
    if (by !== undefined && by !== route.name) users.set(by, [...(users.get(by) ?? []), route.name]);
  }
  return users;
}

/** The routes of a policy besides its usual one. */
export function otherRoutes({ routes, userRoutes, serverChoice }: Destination): string[] {
  return [...routes, ...userRoutes, ...(serverChoice?.servers ?? [])].map(({ route }) => route);
}

/** The same with another name for one of those. */
export function withRenamedRoute(to: Destination, before: string, after: string): Destination {
  const renamed = <T extends { route: string }>(one: T): T => (one.route === before ? { ...one, route: after } : one);
  const { routes, userRoutes, serverChoice, ...rest } = to;
  return {
    ...rest,
    routes: routes.map(renamed),
    userRoutes: userRoutes.map(renamed),
    ...(serverChoice && { serverChoice: { ...serverChoice, servers: serverChoice.servers.map(renamed) } }),
  };
}
