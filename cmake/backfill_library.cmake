# backfill_library(NAME DIRECTORY [dependencies...]): one static library per folder, named
# backfill_NAME, of every .cc file directly in it, so that adding a file edits no list.
function(backfill_library name directory)
  file(GLOB sources CONFIGURE_DEPENDS ${directory}/*.cc)
  if(NOT sources)
    add_library(backfill_${name} INTERFACE)
    target_include_directories(backfill_${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(backfill_${name} INTERFACE ${ARGN})
    return()
  endif()
  add_library(backfill_${name} STATIC ${sources})
  target_include_directories(backfill_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(backfill_${name} PUBLIC ${ARGN})
  backfill_strict(backfill_${name})
endfunction()

# Warnings are errors on our own code.
function(backfill_strict target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                         -Wno-missing-field-initializers -Werror)
  if(BACKFILL_PCH)
    target_precompile_headers(${target} PRIVATE <algorithm> <cstdint> <map> <memory> <optional> <span>
                              <string> <string_view> <variant> <vector> <fmt/format.h>)
  endif()
endfunction()
