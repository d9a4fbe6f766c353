# What every target gets before its own settings: the flags that Node's own build
# hands to addons on Linux, and the variables that binding.gyp files ask for.
{
  'variables': {
    'configuring_node%': 0,
    'visibility%': 'default',
    'component%': 'static_library',
    'library%': 'static_library',
    'clang%': 0,
    'asan%': 0,
    'node_shared%': 'false',
    'node_engine%': 'v8',
    'openssl_fips%': '',
    'enable_lto%': 'false',
    'module_name%': '',
    'module_path%': 'build/Release',
    'build_type%': 'Release',
    'runtime%': 'node',
    'libc%': 'glibc',
  },
  'target_defaults': {
    'type': 'loadable_module',
    'product_prefix': '',
    'default_configuration': 'Release',
    'win_delay_load_hook': 'false',
    'configurations': {
      'Debug': {
        'defines': [ 'DEBUG', '_DEBUG' ],
        'cflags': [ '-g', '-O0' ],
      },
      'Release': {
        'cflags': [ '-O3', '-fno-omit-frame-pointer' ],
      },
    },
    'cflags': [ '-Wall', '-Wextra', '-Wno-unused-parameter', '-pthread', '-fPIC' ],
    'cflags_cc': [
      '-fno-rtti', '-fno-exceptions', '-fno-strict-aliasing', '-std=gnu++20',
    ],
    'ldflags': [ '-pthread' ],
    'defines': [
      'NODE_GYP_MODULE_NAME=>(_target_name)',
      'BUILDING_NODE_EXTENSION',
      '_LARGEFILE_SOURCE',
      '_FILE_OFFSET_BITS=64',
    ],
    'include_dirs': [ '<(node_root_dir)/include/node' ],
    'target_conditions': [
      ['_type=="loadable_module"', { 'product_extension': 'node' }],
      ['_type=="static_library"', { 'standalone_static_library': 1 }],
    ],
  },
}
