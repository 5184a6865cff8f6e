// What the migrations of an npm package would run, as JSON: node histories.mjs STYLE FOLDER
//
// Each file's `up` is called with a connection that only takes note. STYLE says what such a file looks like: `mikro` (a
// class whose addSql collects), `typeorm` (a class that gets a query runner) or `db-migrate` (a function that gets a db
// and a callback). Modules that are not there are stood in for by objects that agree to anything.
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';

const [style, folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);

class Migration {
  addSql(text) { said.push(String(text)); }
  execute() { return Promise.resolve([]); }
}
const agreeable = new Proxy(function () {}, {
  get: (_, name) => {
    if (name === 'Migration') return Migration;
    if (name === Symbol.toPrimitive) return () => '';
    return name === 'then' ? undefined : agreeable;
  },
  apply: () => agreeable,
  construct: () => ({}),
});
const load = Module._load;
Module._load = function (name, ...rest) {
  try {
    return load.call(this, name, ...rest);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND' && !name.startsWith('.')) return agreeable;
    throw error;
  }
};

process.on('uncaughtException', (error) => process.stderr.write(`${error.message}\n`));
let said = [];
const TYPES = { string: 'varchar', int: 'integer', dateTime: 'timestamp' };

function column(name, given) {
  const spec = typeof given === 'string' ? { type: given } : given;
  const type = spec.autoIncrement ? 'serial' : (TYPES[spec.type] ?? spec.type);
  const value = spec.defaultValue?.raw ?? (typeof spec.defaultValue === 'string' ? `'${spec.defaultValue}'` : spec.defaultValue);
  return `"${name}" ${type}${spec.length ? `(${spec.length})` : ''}${spec.primaryKey ? ' primary key' : ''}`
    + `${spec.notNull ? ' not null' : ''}${spec.unique ? ' unique' : ''}${value === undefined ? '' : ` default ${value}`}`;
}

function noted(text, rest) {
  said.push(text);
  const answer = Object.assign([], { rows: [] });
  const callback = rest.find((one) => typeof one === 'function');
  if (callback) callback(null, answer);
  return Promise.resolve(answer);
}

const db = {
  runSql: (text, ...rest) => noted(text, rest),
  all: (text, ...rest) => noted(text, rest),
  createTable: (table, spec, ...rest) =>
    noted(`create table "${table}" (${Object.entries(spec.columns ?? spec).map((one) => column(...one)).join(', ')})`, rest),
  addColumn: (table, name, spec, ...rest) => noted(`alter table "${table}" add ${column(name, spec)}`, rest),
  removeColumn: (table, name, ...rest) => noted(`alter table "${table}" drop "${name}"`, rest),
  dropTable: (table, ...rest) => noted(`drop table "${table}"`, rest),
};
const runner = { query: (text) => noted(text, []), hasColumn: async () => false, hasTable: async () => true };

async function run(exported) {
  if (style === 'db-migrate') {
    await new Promise((done) => {
      setTimeout(done, 200);
      exported.up(db, done);
    });
    return;
  }
  const found = Object.values(exported).find((one) => typeof one === 'function');
  await new found().up(runner);
}

const steps = [];
for (const file of fs.readdirSync(folder).filter((name) => /^[A-Za-z]*\d.*\.js$/.test(name)).sort()) {
  said = [];
  try {
    await run(require(path.join(folder, file)));
  } catch (error) {
    process.stderr.write(`${file}: ${error.message}\n`);
  }
  steps.push(said.join(';\n'));
}
process.stdout.write(JSON.stringify(steps), () => process.exit(0));
