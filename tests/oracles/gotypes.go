// Type checks the Go files of answers against real or generated packages, and prints every error as JSON. Development only.
//
//	go run tests/oracles/gotypes.go prefix=folder... < answers.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

type file struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Line int    `json:"line"`
}

type answer struct {
	ID    string `json:"id"`
	Files []file `json:"files"`
}

type said struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

type result struct {
	ID     string `json:"id"`
	Errors []said `json:"errors"`
	Ms     int64  `json:"ms"`
}

// libraries imports a package from the folder of the longest prefix that its path has; function bodies are left out.
type libraries struct {
	roots    map[string]string
	set      *token.FileSet
	done     map[string]*types.Package
	standard types.Importer
}

func (held *libraries) Import(name string) (*types.Package, error) {
	if one, ok := held.done[name]; ok {
		if one == nil {
			return nil, errors.New("not held")
		}
		return one, nil
	}
	held.done[name] = nil
	folder, best := "", -1
	for prefix, root := range held.roots {
		if (name == prefix || strings.HasPrefix(name, prefix+"/")) && len(prefix) > best {
			folder, best = filepath.Join(root, strings.TrimPrefix(name, prefix)), len(prefix)
		}
	}
	if best < 0 {
		if strings.Contains(strings.SplitN(name, "/", 2)[0], ".") {
			return nil, errors.New("not held")
		}
		one, err := held.standard.Import(name)
		held.done[name] = one
		return one, err
	}
	found, err := parser.ParseDir(held.set, folder, func(one os.FileInfo) bool {
		return !strings.HasSuffix(one.Name(), "_test.go")
	}, parser.SkipObjectResolution)
	if err != nil && len(found) == 0 {
		return nil, err
	}
	var files []*ast.File
	for name, one := range found {
		if name == "main" || strings.HasSuffix(name, "_test") {
			continue
		}
		for _, file := range one.Files {
			files = append(files, file)
		}
	}
	config := types.Config{Importer: held, IgnoreFuncBodies: true, Error: func(error) {}, FakeImportC: true}
	one, _ := config.Check(name, held.set, files, nil)
	held.done[name] = one
	return one, nil
}

func check(one answer, held *libraries) result {
	begun := time.Now()
	out := result{ID: one.ID, Errors: []said{}}
	packages := map[string][]*ast.File{}
	starts := map[string]int{}
	for place, file := range one.Files {
		name := fmt.Sprintf("%d/%s", place, file.Name)
		parsed, err := parser.ParseFile(held.set, name, file.Text, parser.SkipObjectResolution)
		if err != nil {
			out.Errors = append(out.Errors, said{file.Line, "syntax: " + err.Error()})
		}
		if parsed == nil || parsed.Name == nil {
			continue
		}
		starts[name] = file.Line
		key := path.Dir(file.Name) + " " + strings.TrimSuffix(parsed.Name.Name, "_test")
		packages[key] = append(packages[key], parsed)
	}
	for key, files := range packages {
		config := types.Config{Importer: held, Error: func(err error) {
			var found types.Error
			if errors.As(err, &found) && !found.Soft {
				place := found.Fset.Position(found.Pos)
				out.Errors = append(out.Errors, said{starts[place.Filename] + place.Line - 1, found.Msg})
			}
		}}
		_, _ = config.Check(key, held.set, files, nil)
	}
	out.Ms = time.Since(begun).Milliseconds()
	return out
}

func main() {
	held := &libraries{map[string]string{}, token.NewFileSet(), map[string]*types.Package{}, importer.ForCompiler(token.NewFileSet(), "source", nil)}
	for _, one := range os.Args[1:] {
		prefix, folder, _ := strings.Cut(one, "=")
		held.roots[prefix] = folder
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<28)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var one answer
		if err := json.Unmarshal(in.Bytes(), &one); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(check(one, held)); err != nil {
			os.Exit(1)
		}
	}
}
