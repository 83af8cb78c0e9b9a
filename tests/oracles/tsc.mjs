// Type-checks the TypeScript files of answers with the real packages, warm: one line of JSON a sample. Development only: see tests/oracles/README.md.
// usage: node tsc.mjs <folder with node_modules> < samples.jsonl    (each line: {"id": ..., "files": [{"name", "text", "line"}]})
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const root = path.resolve(process.argv[2]);
const ts = createRequire(path.join(root, 'package.json'))('typescript');
const options = {
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10,
  strict: true, noImplicitAny: false, noEmit: true, skipLibCheck: true, esModuleInterop: true, resolveJsonModule: true, types: ['node'],
};
const kept = new Map();
let old;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const sample = JSON.parse(line);
  const files = new Map(sample.files.map((file) => [path.join(root, 'sample', file.name), file]));
  const host = ts.createCompilerHost(options);
  const read = host.readFile, exists = host.fileExists, source = host.getSourceFile;
  host.readFile = (name) => files.get(name)?.text ?? read(name);
  host.fileExists = (name) => files.has(name) || exists(name);
  host.directoryExists = (name) => ts.sys.directoryExists(name) || [...files.keys()].some((file) => file.startsWith(name + path.sep));
  host.getCurrentDirectory = () => root;
  host.getSourceFile = (name, ...rest) => {
    const own = files.get(name);
    if (own) return ts.createSourceFile(name, own.text, options.target, true);
    if (!kept.has(name)) kept.set(name, source(name, ...rest));
    return kept.get(name);
  };
  const begun = performance.now();
  const program = ts.createProgram([...files.keys()], options, host, old);
  const errors = [];
  for (const name of files.keys()) {
    const file = program.getSourceFile(name);
    for (const one of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
      const at = file.getLineAndCharacterOfPosition(one.start).line + files.get(name).line;
      errors.push({ code: one.code, line: at, text: ts.flattenDiagnosticMessageText(one.messageText, ' ').slice(0, 300) });
    }
  }
  old = program;
  console.log(JSON.stringify({ id: sample.id, ms: Math.round(performance.now() - begun), errors }));
}
