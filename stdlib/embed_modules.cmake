# cmake -DFOLDER=stdlib -DOUT=modules.cc -P embed_modules.cmake: module.h's functions.
file(GLOB modules ${FOLDER}/*.backfill)
list(SORT modules)
foreach(module ${modules})
  get_filename_component(name ${module} NAME_WE)
  file(READ ${module} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char k_${name}[] = {${bytes}'\\0'};\n")
  string(APPEND rows "    {\"std.${name}\", {k_${name}, sizeof k_${name} - 1}},\n")
endforeach()
file(WRITE ${OUT}.new "// Generated from stdlib/*.backfill by embed_modules.cmake.
#include \"stdlib/module.h\"

namespace backfill::stdlib {

namespace {

${arrays}
constexpr Module kModules[] = {
${rows}};

}  // namespace

std::span<const Module> modules() { return kModules; }

const Module* find_module(std::string_view name) {
  for (const Module& module : kModules)
    if (module.name == name) return &module;
  return nullptr;
}

}  // namespace backfill::stdlib
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
