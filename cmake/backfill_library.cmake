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
set(backfill_warnings -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers -Werror)
# GCC 12 sees overruns in inlined moves of std::string and std::optional that are none (its bugs 105329, 105651, 105562);
# the debug build still has these warnings.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND CMAKE_BUILD_TYPE STREQUAL "Release")
  list(APPEND backfill_warnings -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread
       -Wno-maybe-uninitialized)
endif()

# One precompiled header for all libraries: the standard's and fmt's take longer to read than most of our files.
if(BACKFILL_PCH)
  file(WRITE ${PROJECT_BINARY_DIR}/backfill_pch.cc "")
  add_library(backfill_pch STATIC ${PROJECT_BINARY_DIR}/backfill_pch.cc)
  target_include_directories(backfill_pch PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(backfill_pch PUBLIC fmt::fmt)
  target_compile_options(backfill_pch PRIVATE ${backfill_warnings})
  target_precompile_headers(backfill_pch PRIVATE <algorithm> <cstdint> <map> <memory> <optional> <span> <string>
                            <string_view> <variant> <vector> <fmt/format.h>)
endif()

function(backfill_strict target)
  target_compile_options(${target} PRIVATE ${backfill_warnings})
  get_target_property(type ${target} TYPE)
  # A program is compiled with -fPIE, its header would have to be too.
  if(BACKFILL_PCH AND NOT type STREQUAL "EXECUTABLE")
    target_link_libraries(${target} PUBLIC fmt::fmt)
    target_precompile_headers(${target} REUSE_FROM backfill_pch)
  endif()
endfunction()
