// What a system answers differs; that a text calls the function does not.
const os = require('os');
for (const name of ['arch', 'endianness', 'homedir', 'hostname', 'machine', 'platform',
  'release', 'tmpdir', 'type', 'version', 'totalmem', 'availableParallelism']) {
  console.log(name, `${os[name]}` === String(os[name]()));
}
console.log(+os.uptime > 0, os.freemem > 1);
