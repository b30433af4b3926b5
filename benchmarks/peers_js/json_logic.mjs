// json-logic-js on the work of benchmarks/matching.py: rules by situation, one expression each. Prints [seconds, checksum].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [work, modules] = process.argv.slice(2);
const logic = createRequire(`${modules}/`)("json-logic-js");
const { changes, rules } = JSON.parse(readFileSync(work, "utf8"));

const bySituation = {};
rules.forEach(([id, situation, origins, known, days], number) => {
  const parts = [{ in: [{ var: "before" }, origins] }];
  for (const [fact, said] of Object.entries(known))
    parts.push(Array.isArray(said) ? { in: [{ var: fact }, said] } : { ">=": [{ var: fact }, said] });
  (bySituation[situation] ??= []).push({ id, number, condition: { and: parts }, days });
});

let found = [];
const times = [];
for (let run = 0; run < 5; run++) {
  found = [];
  const began = performance.now();
  for (const [client, before, now, day, conference, trust, safety, network, guidance, adults] of changes) {
    const known = { before, conference, trust, safety, network, guidance, adults };
    for (const rule of bySituation[now] ?? [])
      if (logic.apply(rule.condition, known))
        rule.days.forEach((after, step) => found.push([client, rule.number, step, day + after]));
  }
  times.push((performance.now() - began) / 1000);
}
const total = found.reduce((sum, [client, rule, step, day]) => sum + ((client * 131 + rule * 31 + step * 7 + day) % 1000003), 0);
console.log(JSON.stringify([Math.min(...times), total]));
