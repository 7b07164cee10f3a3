import assert from "node:assert/strict";
import fc from "fast-check";
import { cutText, redact } from "../../../engines/events/redact.ts";
import { checkProperty } from "../../support/property.ts";

const LIMITS = { textMaxChars: 20 };
const R = "[REDACTED]";

function cyclic(): unknown {
  const value: Record<string, unknown> = { name: "loop" };
  value["self"] = value;
  value["list"] = [value];
  return value;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

class Login {
  user = "ann";
  password = "hunter2";
  readonly #token = "hunter2";
  toJSON(): unknown {
    return { leaked: this.#token };
  }
}

class LyingMap extends Map<string, string> {
  override entries(): MapIterator<[string, string]> {
    return new Map([["harmless", "hunter2"]]).entries();
  }
}

const cases: { name: string; value: unknown; shown: unknown }[] = [
  { name: "plain values", value: [1, "a", true, null], shown: [1, "a", true, null] },
  { name: "nothing", value: undefined, shown: null },
  { name: "numbers JSON lacks", value: [NaN, Infinity, 10n], shown: ["NaN", "Infinity", "10"] },
  {
    name: "functions and symbols",
    value: [() => 1, Symbol("x")],
    shown: ["[function]", "[symbol]"],
  },
  { name: "a secret", value: { a: 1, apiKey: "hunter2" }, shown: { a: 1, apiKey: R } },
  { name: "a secret that is an object", value: { auth: { u: "hunter2" } }, shown: { auth: R } },
  {
    name: "a secret in lists in objects",
    value: { a: [{ b: [{ Password: "hunter2" }] }] },
    shown: { a: [{ b: [{ Password: R }] }] },
  },
  {
    name: "a map, nested",
    value: new Map<unknown, unknown>([["token", "hunter2"], [
      "m",
      new Map([["secret", "hunter2"]]),
    ]]),
    shown: { token: R, m: { secret: R } },
  },
  {
    name: "a map that lies about its entries",
    value: new LyingMap([["key", "x"]]),
    shown: { key: R },
  },
  {
    name: "a map with keys that are no texts",
    value: new Map<unknown, unknown>([[1, "a"], [{}, "b"], [Symbol("token"), "hunter2"]]),
    shown: { 1: "a", "[object]": "b", token: R },
  },
  { name: "a set", value: new Set([{ key: "hunter2" }]), shown: [{ key: R }] },
  {
    name: "values whose neighbours sound like secrets",
    value: [["monkey", "cow"], { id: "keynote", content: "slides" }, {
      name: "Authentic",
      value: "yes",
    }, ["password", "is what we ask for"]],
    shown: [["monkey", "cow"], { id: "keynote", content: "slides" }, {
      name: "Authentic",
      value: "yes",
    }, ["password", "is what we ask for"]],
  },
  {
    name: "a key that sets prototypes",
    value: JSON.parse('{"__proto__":{"password":"hunter2"},"a":{"__proto__":"hunter2","b":1}}'),
    shown: { a: { b: 1 } },
  },
  {
    name: "a secret on the prototype",
    value: Object.create({ password: "hunter2" }, { a: { value: 1, enumerable: true } }),
    shown: { a: 1 },
  },
  {
    name: "getters, which do not run",
    value: {
      get a(): string {
        throw new Error("ran");
      },
      get password(): string {
        throw new Error("ran");
      },
    },
    shown: { a: "[getter]", password: R },
  },
  {
    name: "a cycle",
    value: cyclic(),
    shown: { name: "loop", self: "[circular]", list: ["[circular]"] },
  },
  {
    name: "an object of a class, whose toJSON does not run",
    value: new Login(),
    shown: { user: "ann", password: R },
  },
  { name: "a proxy that was revoked", value: { a: revoked() }, shown: { a: "[unreadable]" } },
  {
    name: "a proxy that throws",
    value: [
      new Proxy({}, {
        ownKeys() {
          throw new Error("no");
        },
      }),
    ],
    shown: ["[unreadable]"],
  },
  { name: "a date", value: new Date(0), shown: "1970-01-01T00:00:00.000Z" },
  { name: "an invalid date", value: new Date(NaN), shown: null },
  { name: "bytes", value: new Uint8Array(5), shown: "[5 bytes]" },
  {
    name: "an error, without stack and cause",
    value: Object.assign(new RangeError("bad", { cause: "hunter2" }), { token: "hunter2", at: 3 }),
    shown: { name: "Error", message: "bad", token: R, at: 3 },
  },
  {
    name: "an error that tells a secret",
    value: new Error("key=hunter2"),
    shown: { name: "Error", message: "key=[REDACTED]" },
  },
  { name: "a long text", value: "x".repeat(21), shown: "x".repeat(19) + "…" },
  { name: "a text as long as allowed", value: "x".repeat(20), shown: "x".repeat(20) },
  {
    name: "a long list",
    value: Array.from({ length: 11 }, (_, i) => i),
    shown: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  { name: "a list that claims to be long", value: new Array(4e9), shown: Array(10).fill(null) },
  {
    name: "deep nesting",
    value: { a: { a: { a: { a: { a: { a: { password: "hunter2" } } } } } } },
    shown: { a: { a: { a: { a: { a: { a: "[cut]" } } } } } },
  },
];

Deno.test("redact shows what may be shown, and nothing else", () => {
  for (const { name, value, shown } of cases) {
    const copy = redact(value, LIMITS);
    assert.deepEqual(copy, shown, name);
    assert.ok(!JSON.stringify(copy).includes("hunter2"), name);
  }
});

Deno.test("redact bounds the size of the whole, keys included", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [`k${i}`.repeat(50), "v"]),
  );
  const nested = Array.from({ length: 10 }, () => ({ a: wide, b: [wide, wide] }));
  const size = JSON.stringify(redact(nested, { textMaxChars: 200, totalMaxChars: 4_000 })).length;
  assert.ok(size < 8_000, String(size));
  assert.ok(Object.keys(redact(wide, { textMaxChars: 9 }) as object).length <= 100);
});

Deno.test("redact leaves what it was given as it was", () => {
  const value = { password: "hunter2", list: Array.from({ length: 12 }, () => "y".repeat(30)) };
  redact(value, LIMITS);
  assert.deepEqual([value.password, value.list.length, value.list[0]?.length], ["hunter2", 12, 30]);
});

Deno.test("redact shows no secret of any value, and changes nothing when done twice", () => {
  const secretKeys = ["password", "apiKey", "Auth_Token", "my-secret", "CREDENTIALS"];
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      leaf,
      fc.array(tie("tree"), { maxLength: 14 }),
      fc.dictionary(fc.string(), tie("tree")),
      fc.dictionary(fc.constantFrom(...secretKeys), fc.constant({ deep: ["hunter2"] })),
      fc.array(fc.tuple(fc.string(), tie("tree"))).map((entries) => new Map(entries)),
      fc.constant(new Map([["apiKey", "hunter2"]])),
    ),
  }));
  checkProperty(fc.property(tree, (value) => {
    const once = redact(value, LIMITS);
    const text = JSON.stringify(once);
    assert.ok(!text.includes("hunter2"), text);
    const again = redact(once, { textMaxChars: 1_000, depthMax: 8, totalMaxChars: 32_768 });
    assert.equal(JSON.stringify(again), text);
  }));
});

Deno.test("cutText does not cut through a character", () => {
  assert.equal(cutText("ab😀cd", 4), "ab…");
  assert.equal(cutText("ab😀cd", 5), "ab😀…");
  assert.ok(cutText("😀".repeat(50), 30).isWellFormed());
});
