"use client";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { newUserRoute, type UserRouteDraft } from "./login-route-draft.ts";
import { textTestChoices } from "./policy-choices.ts";
import { RouteSelect } from "./route-select.tsx";
import { TextTestFields } from "./text-test-fields.tsx";

type UserRouteFieldsProps = {
  routes: readonly UserRouteDraft[];
  /** What can be chosen. */
  routeNames: readonly string[];
  lists: readonly string[];
  problems: FormProblems;
  onChange: (routes: UserRouteDraft[]) => void;
};

const userTestChoices = [{ value: "", words: "can be anybody" }, ...textTestChoices];
const domainTestChoices = [
  { value: "", words: "can be any" },
  ...textTestChoices,
  { value: "empty", words: "is missing (no @)" },
];

/** Other routes for some users; the first that fits takes the login. */
export function UserRouteFields({ routes, routeNames, lists, problems, onChange }: UserRouteFieldsProps) {
  const add = () => {
    const key = Math.max(-1, ...routes.map((route) => route.key)) + 1;
    onChange([...routes, newUserRoute(key, routeNames[0] ?? "")]);
  };
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium">Other routes by user</p>
      <p className="text-muted">
        By the user of the login and by its domain, which is what stands behind the last @. The first that fits takes
        the login; none: the route above.
      </p>
      {routes.map((route, index) => (
        <OneRoute
          key={route.key}
          route={route}
          number={index + 1}
          routeNames={routeNames}
          lists={lists}
          problems={problems}
          onChange={(change) =>
            onChange(routes.map((other) => (other.key === route.key ? { ...other, ...change } : other)))
          }
          onRemove={() => onChange(routes.filter((other) => other.key !== route.key))}
        />
      ))}
      <Button size="small" className="self-start" onClick={add}>
        <Plus aria-hidden size={14} />
        Add route by user
      </Button>
    </div>
  );
}

type OneRouteProps = {
  route: UserRouteDraft;
  number: number;
  routeNames: readonly string[];
  lists: readonly string[];
  problems: FormProblems;
  onChange: (change: Partial<UserRouteDraft>) => void;
  onRemove: () => void;
};

function OneRoute({ route, number, routeNames, lists, problems, onChange, onRemove }: OneRouteProps) {
  const at = `to.userRoutes.${number - 1}`;
  // Of neither test in particular, as that there is none.
  const problem = problems[at] ?? problemAt(problems, `${at}.route`);
  return (
    <div className="flex flex-col gap-2 border-line border-s-2 ps-3">
      <TextTestFields
        labels={{ test: `Test of the user of route ${number}`, value: `User of route ${number}` }}
        subject="User"
        of={route.user}
        choices={userTestChoices}
        lists={lists}
        placeholder="anna@example.org"
        problem={problemAt(problems, `${at}.user`)}
        command={
          <Button variant="quiet" size="icon" aria-label={`Remove user route ${number}`} onClick={onRemove}>
            <X aria-hidden size={16} />
          </Button>
        }
        onChange={(user) => onChange({ user })}
      />
      <TextTestFields
        labels={{ test: `Test of the domain of route ${number}`, value: `Domain of route ${number}` }}
        subject="Domain"
        of={route.domain}
        choices={domainTestChoices}
        lists={lists}
        placeholder="example.org"
        problem={problemAt(problems, `${at}.domain`)}
        onChange={(domain) => onChange({ domain })}
      />
      <RouteSelect
        label={`Route of user route ${number}`}
        route={route.route}
        routeNames={routeNames}
        onChange={onChange}
      />
      {problem !== undefined && <p className="text-deny">{problem}</p>}
    </div>
  );
}
