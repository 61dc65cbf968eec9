import type { PolicyDocument } from "#core/contract/policy-document.ts";

/** The policies that send mail over each route, by the route's name. */
export function routeUsers(document: PolicyDocument): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { name, to } of document.policies) {
    for (const route of new Set([to.route, ...to.routes.map(({ route: other }) => other)]))
      users.set(route, [...(users.get(route) ?? []), name]);
  }
  return users;
}
